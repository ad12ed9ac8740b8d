"""Named, versioned things that plans build on: variables, KPIs, SLAs, state models."""
