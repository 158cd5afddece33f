// Package worktime is the mathematics of working time: sets of instants,
// opening hours on the wall clock of a time zone, clocks that only run while
// a calendar is open, worst-case restoration along a chain of hand-overs,
// coverage of promised hours, on-call rotas and the terms of contracts.
//
// The package is pure. It receives a *time.Location, dates and intervals and
// never reads the clock, the disk or the network. Public holidays and
// recurrences are expanded by the caller and handed in as dates or intervals.
//
// # Conventions
//
// An [Interval] is half-open: it holds its start and not its end. A [Set]
// compares instants, never wall-clock readings, so two sets built in different
// zones are equal when they hold the same instants.
//
// # Wall-clock times that do not exist, or exist twice
//
// Opening hours are written on the wall clock. Where the clock is put forward
// or back:
//
//   - a local time that does not exist stands for the first instant after the
//     gap, whether it opens or closes a span (02:30 on the day Paris jumps from
//     02:00 to 03:00 is 03:00; a span that lies wholly in the gap is empty);
//   - an ambiguous opening takes the first of the two instants, an ambiguous
//     closing the last, so that the repeated hour is open once it is promised;
//   - an ambiguous midnight, opening or closing, is the last one that is
//     reached from the day before: it never reaches into a first hour of the
//     next date that repeats.
//
// These rules let days written 00:00-24:00 tile time without gap or overlap:
// days of 23 and 25 hours come out as such.
package worktime
