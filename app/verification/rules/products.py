"""What products are called: data, for those who read a certificate without asking the register.
Pure."""

# EU value sets 2.12.0 and WHO's list of emergency use. A code that is a name itself needs no line.
PRODUCTS = {
    "EU/1/20/1528": "Comirnaty (Pfizer-BioNTech)",
    "EU/1/20/1507": "Spikevax (Moderna)",
    "EU/1/21/1529": "Vaxzevria (AstraZeneca)",
    "EU/1/20/1525": "Jcovden (Janssen)",
    "EU/1/21/1618": "Nuvaxovid (Novavax)",
    "EU/1/21/1624": "Valneva",
    "EU/1/21/1580": "VidPrevtyn Beta (Sanofi)",
    "EU/1/22/1709": "Bimervax (Hipra)",
    "BBIBP-CorV": "Vero Cell (Sinopharm Beijing)",
    "WIBP-CorV": "Sinopharm (Wuhan)",
}
