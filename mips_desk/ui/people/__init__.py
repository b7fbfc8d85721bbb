"""The people of a practice: dialogs of Settings, and the fields that the start window shares with them."""
