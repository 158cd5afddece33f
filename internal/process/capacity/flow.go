package capacity

import "math"

// flow is a maximum flow from work to people: an assignment of hours (in seconds)
// such that nobody works more than he has and no work gets more than it asks for.
// Method: shortest augmenting paths (Edmonds and Karp 1972) on a bipartite graph.
type flow struct {
	work   []int64 // asked for, by bucket
	people []int64 // had, by person; unlimited is math.MaxInt64
	edges  [][]int // persons of a bucket
}

// unlimited are the hours of a person of whom they are not known.
const unlimited = math.MaxInt64 / 4

// solve returns the work that finds no hours in all, and, where there is some, the
// buckets and people of the tightest bottleneck: all hours of these people are
// taken by the work of these buckets, and do not suffice (the smallest minimum
// cut, which is the same for every maximum flow). They come in no order.
func (f *flow) solve() (lacking int64, buckets, people []int) {
	left := append([]int64(nil), f.work...)
	room := append([]int64(nil), f.people...)
	given := make([]map[int]int64, len(f.work)) // bucket → person → seconds
	holders := make([]map[int]bool, len(f.people))
	for i := range given {
		given[i] = map[int]int64{}
	}
	for i := range holders {
		holders[i] = map[int]bool{}
	}
	for b := range f.work {
		for left[b] > 0 {
			path, amount := f.augment(b, left[b], room, given, holders)
			if path == nil {
				break
			}
			// path alternates bucket, person, bucket, person…
			for i := 0; i+1 < len(path); i += 2 {
				from, to := path[i], path[i+1]
				given[from][to] += amount
				holders[to][from] = true
				if i+2 < len(path) {
					given[path[i+2]][to] -= amount
					if given[path[i+2]][to] == 0 {
						delete(holders[to], path[i+2])
					}
				}
			}
			room[path[len(path)-1]] -= amount
			left[b] -= amount
		}
	}
	var start []int
	for b, l := range left {
		lacking += l
		if l > 0 {
			start = append(start, b)
		}
	}
	if lacking > 0 {
		buckets, people = f.reached(start, holders)
	}
	return lacking, buckets, people
}

// augment finds the shortest way to give bucket b more, perhaps by moving work of
// other buckets to other people.
func (f *flow) augment(b int, want int64, room []int64, given []map[int]int64, holders []map[int]bool) ([]int, int64) {
	fromBucket := map[int]int{} // person → bucket it was reached from
	fromPerson := map[int]int{b: -1}
	queue := []int{b}
	for len(queue) > 0 {
		bucket := queue[0]
		queue = queue[1:]
		for _, p := range f.edges[bucket] {
			if _, seen := fromBucket[p]; seen {
				continue
			}
			fromBucket[p] = bucket
			if room[p] > 0 {
				return f.trace(p, b, want, room, given, fromBucket, fromPerson)
			}
			for other := range holders[p] {
				if _, seen := fromPerson[other]; !seen {
					fromPerson[other] = p
					queue = append(queue, other)
				}
			}
		}
	}
	return nil, 0
}

func (f *flow) trace(p, b int, want int64, room []int64, given []map[int]int64, fromBucket, fromPerson map[int]int) ([]int, int64) {
	amount := min(want, room[p])
	path := []int{p}
	for {
		bucket := fromBucket[p]
		path = append(path, bucket)
		if bucket == b {
			break
		}
		p = fromPerson[bucket]
		amount = min(amount, given[bucket][p])
		path = append(path, p)
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path, amount
}

// reached collects the buckets and people that unfinished work could be moved to.
func (f *flow) reached(start []int, holders []map[int]bool) (buckets, people []int) {
	seenBucket, seenPerson := map[int]bool{}, map[int]bool{}
	for _, b := range start {
		seenBucket[b] = true
	}
	buckets = start
	for i := 0; i < len(buckets); i++ {
		for _, p := range f.edges[buckets[i]] {
			if seenPerson[p] {
				continue
			}
			seenPerson[p] = true
			people = append(people, p)
			for other := range holders[p] {
				if !seenBucket[other] {
					seenBucket[other] = true
					buckets = append(buckets, other)
				}
			}
		}
	}
	return buckets, people
}
