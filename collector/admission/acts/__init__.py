"""What people do, performed: each function locks what it is about, asks the machine, and writes state, transition and act at once.

Every act takes a `Said` (who, when, why, what the page showed, the form's key) and form values. It raises
`Model.DoesNotExist` (not there, or not for this account), `PermissionDenied` (not this role), `Overtaken` (another was first),
`Unlawful` (the machine refuses), or where a register is written `collector.keys.NoKey`. Nothing was written then.
"""
