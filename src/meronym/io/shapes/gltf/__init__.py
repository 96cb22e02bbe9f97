"""glTF 2.0, as a document: what is not understood is kept."""
