//! Published cases of closed and mixed networks: closed forms and chains re-derived to the digits shown.
