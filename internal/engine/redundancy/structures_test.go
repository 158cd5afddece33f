package redundancy

import "fmt"

func sub(i int) Structure { return Structure{Subsystem: fmt.Sprint(i)} }

func all(of ...Structure) Structure { return Structure{Of: of} }

func anyOf(of ...Structure) Structure { return Structure{Needed: 1, Of: of} }

// net is a network from s to t; links are "from", "to", subsystem.
func net(links ...any) Structure {
	n := &Network{Source: "s", Target: "t"}
	for i := 0; i < len(links); i += 3 {
		n.Links = append(n.Links, Link{From: links[i].(string), To: links[i+1].(string), Subsystem: fmt.Sprint(links[i+2])})
	}
	return Structure{Network: n}
}

func not(s Structure) Structure { return Structure{Not: &s} }

// systems are the twelve structures of Feng, Chen, Che and Chu, Exact MILP models
// for redundancy allocation with mixed components (INFORMS Journal on Computing,
// 2025), read from the formulas of their reliabilities. In the tenth some
// components do harm.
var systems = map[int]Structure{
	1:  net("s", "a", 1, "a", "t", 2, "s", "b", 3, "b", "t", 4, "a", "b", 5),
	2:  anyOf(all(sub(1), sub(2)), all(sub(3), sub(4)), all(sub(5), anyOf(sub(2), sub(4)))),
	3:  net("s", "a", 1, "a", "t", 2, "s", "b", 3, "s", "b", 4, "b", "t", 5, "a", "b", 6),
	4:  net("s", "a", 1, "a", "t", 2, "s", "c", 3, "c", "b", 4, "c", "b", 5, "b", "t", 6, "a", "b", 7),
	5:  net("s", "a", 1, "s", "b", 2, "a", "b", 3, "a", "c", 4, "c", "b", 5, "c", "t", 6, "b", "t", 7),
	6:  net("s", "a", 1, "s", "d", 2, "d", "b", 5, "a", "b", 4, "a", "c", 3, "c", "b", 6, "c", "t", 7, "b", "t", 8),
	7:  net("s", "a", 1, "s", "b", 2, "s", "c", 3, "a", "b", 4, "b", "c", 5, "a", "t", 6, "b", "t", 7, "c", "t", 8),
	8:  net("s", "a", 1, "s", "b", 2, "a", "b", 3, "a", "c", 4, "c", "b", 5, "b", "d", 6, "c", "d", 7, "c", "t", 8, "d", "t", 9),
	9:  all(anyOf(all(anyOf(sub(3), all(sub(1), sub(2))), sub(4)), all(sub(5), sub(6))), anyOf(sub(7), sub(8), sub(9)), sub(10)),
	10: all(anyOf(all(not(sub(1)), not(sub(2)), sub(3)), all(sub(4), sub(5))), anyOf(all(not(sub(6)), not(sub(7)), sub(8)), all(sub(9), sub(10)))),
	11: net("s", "a", 1, "s", "b", 2, "a", "b", 3, "a", "c", 4, "c", "b", 5, "b", "f", 6, "c", "e", 7, "c", "d", 8, "d", "e", 9, "d", "f", 10, "e", "t", 11, "f", "t", 12),
	12: net("s", "a", 1, "s", "e", 2, "e", "b", 3, "a", "f", 4, "f", "b", 5, "a", "c", 6, "c", "g", 7, "g", "b", 8, "b", "d", 9, "c", "d", 10, "c", "t", 11, "d", "t", 12),
}
