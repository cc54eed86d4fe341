"""What people click and read: cards, buttons, forms and pages, and the texts on them."""
