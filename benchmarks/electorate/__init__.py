"""Whether votes teach what voters like, and whether a brigade teaches anything."""
