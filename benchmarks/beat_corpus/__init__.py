"""The corpus that the starter of beats learns from: pieces written for it, and free chorales."""
