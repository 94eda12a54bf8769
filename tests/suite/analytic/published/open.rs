//! Published cases of open networks and fork-join: closed forms and chains re-derived to the digits shown.
