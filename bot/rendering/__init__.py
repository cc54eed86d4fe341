"""How a beat is seen and heard: its picture and its sound, by short processes of their own."""
