"""What the operator can see of a running bot: its log and its health."""
