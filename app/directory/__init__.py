"""The people of an organisation, whoever is asked in which round: name, address, role, function, level."""
