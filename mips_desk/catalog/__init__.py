"""Activities, guidance and rules of each performance year, read from the resources into domain records."""
