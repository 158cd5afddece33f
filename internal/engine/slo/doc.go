// Package slo is the mathematics of service levels: slices of time that are good, bad or
// unknown; what part of an agreed time they leave attained; budgets, burn rates,
// forecasts, credits; and how long cases took on a calendar.
//
// It knows nothing of ITIL, of databases or of clocks. Evidence is a [Day] for each series
// and UTC day. Calendars come in as sets of instants (package worktime).
//
// # Exactness
//
// Every result is the same to the byte on every machine, whatever the order in which
// evidence came: times are whole nanoseconds, events whole thousandths ([Count]), shares
// whole units of 1e-12 ([Share]), and sums of products are kept in 128 bits. A share is
// rounded down, so that it reaches a target exactly if the quotient does.
//
// # Definitions where the standards are silent
//
//   - Counted time is agreed time less excluded time: what is excluded leaves both
//     numerator and denominator. Agreed = excluded + unknown + good + bad, always.
//   - Slices of one length lie on one grid, that of the minutes since 1970-01-01T00:00Z,
//     whatever window looks at them. A slice that an edge cuts (of the window, of the
//     agreed time, of an exclusion) counts in proportion.
//   - The unknown part of a slice is unknown; the rest is judged. An empty slice is
//     therefore unknown.
//   - A slice without a target of its own is good when no minute of it is bad. With one it
//     is judged by its events where all its known minutes have events, else by the share of
//     its known time that is good; reaching the target is good.
//   - A minute that is good or bad without events was stated, not counted. Where events are
//     budgeted, stated time, and unknown time that counts up or down, is taken to have had
//     events at the mean rate of the time that was counted. Where no events were counted at
//     all, time stands for events.
//   - Where nothing at all is known, nothing is attained and nothing is missed.
package slo
