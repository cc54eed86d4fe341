"""How fast verses are written: the engine, what people usually run, and what the machine allows."""
