"""The restore test: a backup is worth what comes back out of it.

Laws:
- The production cluster is never asked, changed or stopped: all happens in a scratch cluster without TCP, gone afterwards.
- A dump holds code that somebody else wrote. It is read by an account without any rights, restored by a role that is no
  superuser, and only if nobody but root, postgres or ourselves could have put it there.
- What failed is a result too, with the step and one of a few known reasons; never a row or a value of the database.
"""
