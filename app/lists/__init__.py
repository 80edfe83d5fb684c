"""Lists of people that are printed, called through, signed and handed on."""
