"""The driver of Firefox. What it is built on warns when it is imported, of nothing of ours."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from marionette_driver import By
    from marionette_driver.errors import (
        ElementClickInterceptedException,
        ElementNotInteractableException,
        MarionetteException,
        NoSuchElementException,
        NoSuchWindowException,
        StaleElementException,
    )
    from marionette_driver.marionette import Marionette, WebElement

# What a page is given that is still being drawn: the press is to be tried again.
NOT_YET = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementException,
)

__all__ = [
    "NOT_YET",
    "By",
    "Marionette",
    "MarionetteException",
    "NoSuchWindowException",
    "WebElement",
]
