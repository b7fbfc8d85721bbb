"""The words of the field: typed records and pure functions. No Qt, no SQL, no files, no clock."""
