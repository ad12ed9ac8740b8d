"""The platform on one machine, without root or containers: servers, issuer and services."""
