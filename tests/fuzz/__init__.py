"""The mutation fuzzer: valid inputs, damaged at random, at everything that landxml offers.

``make fuzz MINUTES=10``. Case n of run s is the same everywhere; what fails is made small and kept in
``regressions/``, which a quick test replays.
"""
