// Package renewal estimates how often something fails and how long it stays down
// from a record of its interruptions: mean times with confidence intervals, and
// declared figures corrected by what was observed (Bayes).
//
// The thing alternates between up and down; up times and down times are taken as
// independent and exponential, the usual assumption where nothing more is known
// (IEC 60605-4, MIL-HDBK-338B section 8.3). It is pure mathematics: no clock, no
// disk, and the same answer on every machine.
//
// # Words
//
// ITIL's availability management calls mean up time MTBF (end of one interruption
// to the start of the next), mean down time MTTR or MTRS, and the sum of both
// MTBSI, mean time between system incidents. So does this package.
package renewal
