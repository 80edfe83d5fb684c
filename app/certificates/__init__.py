"""The slip that a person takes home, with its QR and PIN."""
