"""An organization's own sign-in: connections to OpenID Connect providers, mail domains that are proved, and the rule
that colleagues come in by nothing else. What such a provider says counts inside of its organization only.
"""
