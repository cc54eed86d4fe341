"""The whole bot under load: its process on real sockets, and a crowd that asks for verses."""
