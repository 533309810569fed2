"""Questions, callbacks and visits of days that are over, counted: what a report of a year reads.

Of each kind the days before its seal are counted, each day and each whole month. A change to what belongs to such a
day is told by the database itself, by triggers, and its day is read from the records until it is counted anew. So a
report is always exact, whether or not anybody counts.
"""
