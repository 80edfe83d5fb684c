"""The tree of authorities and sites, and the administrative areas of Viet Nam."""
