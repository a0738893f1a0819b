"""The processes behind the pages: the clock that finds what is due, and the sending of messages.

Only this package sends. What to send was decided and written down before it comes here.
"""
