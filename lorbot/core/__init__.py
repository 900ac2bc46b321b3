"""What lorbot knows: values, events and decisions. Nothing here reads a clock, a file or the network."""
