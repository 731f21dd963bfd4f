"""The national signing service: how its two releases are asked, and when a file that it gives back is taken."""
