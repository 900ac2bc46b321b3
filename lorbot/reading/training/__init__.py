"""Makes the weights of the trained reader from labelled replies; needs numpy and scipy, and is not needed to read."""
