"""Archives: four parts, who may read them, how fresh they are, who has the originals."""
