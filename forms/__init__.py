"""Everything a person sees: form definitions as data, and the web layer that draws them."""
