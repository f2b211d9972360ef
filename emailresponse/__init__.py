"""The core: facts, derivations and questions. It knows no provider and no page."""
