"""The ways in which a class comes: a folder, a zip, several zips, sections."""
