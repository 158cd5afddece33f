// Package schedule plans tasks that wait for one another and share limited
// people and means: the resource-constrained project scheduling problem
// (RCPSP) with renewable resources, precedence and no interruption, extended by
// windows of availability and by needs that any one of several named people
// can meet.
//
// # Method
//
// Schedules are built by the serial schedule generation scheme (Kolisch and
// Hartmann 1999) from lists of tasks; lists come from priority rules, from
// regret-based biased sampling and from a genetic search over lists (Hartmann
// 1998); every schedule is improved by justifying it to the right and back to
// the left (Valls, Ballestín and Quintanilla 2005). The result is the best
// schedule found within a budget, together with a lower bound that no schedule
// can undercut; where both meet, the schedule is proven optimal.
//
// Everything is deterministic: the same problem and budget give the same
// schedule. Budgets count schedules built, never time.
package schedule
