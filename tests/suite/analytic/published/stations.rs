//! Published cases of single stations: closed forms and chains re-derived to the digits shown.
