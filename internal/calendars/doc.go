// Package calendars turns the calendars of the model into working time: weekly
// hours on the wall clock of a zone, special days, public holidays expanded for
// each country and region, on-call rotas, and the hours in which a team or a
// contract works.
//
// It is pure: it reads the facts it is given and the zone database, which is
// embedded. Everything is remembered for one set of facts by a [Book], which is
// one of the analyses; without a Book each question is answered afresh.
package calendars
