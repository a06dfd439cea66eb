"""How do the events of a collection reach programs that listen by HTTP?

`config` says to whom; `message` what is sent and how it is signed; `retrying` what follows from an
answer; `posting` sends one request; `delivering` serves one receiver, `running` all of them;
`dead_letters` keeps what could not be delivered. `message` and `retrying` are pure.
"""
