"""A synthetic sample practice: people, portal pages and two performance years, to look at MIPS Desk and to test it."""
