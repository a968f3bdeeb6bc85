"""What all apps build on: it has no models and imports none of them."""
