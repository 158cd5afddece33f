package schedule

import "slices"

// profile is the free capacity of one resource over time: free[i] units from
// at[i] until at[i+1], the last until forever. at[0] is zero.
type profile struct {
	at   []Seconds
	free []int
}

// newProfile returns the capacity inside the merged windows and none outside;
// nil windows are always.
func newProfile(capacity int, windows []Window) profile {
	if windows == nil {
		return profile{[]Seconds{0}, []int{capacity}}
	}
	p := profile{[]Seconds{0}, []int{0}}
	for _, w := range windows {
		if w.From == 0 {
			p.free[0] = capacity
		} else {
			p.at, p.free = append(p.at, w.From), append(p.free, capacity)
		}
		if w.To < Forever {
			p.at, p.free = append(p.at, w.To), append(p.free, 0)
		}
	}
	return p
}

// set makes p a copy of the other, keeping its memory.
func (p *profile) set(o profile) {
	p.at, p.free = append(p.at[:0], o.at...), append(p.free[:0], o.free...)
}

// segment returns the index of the segment that holds t.
func (p *profile) segment(t Seconds) int {
	i, found := slices.BinarySearch(p.at, t)
	if found {
		return i
	}
	return i - 1
}

// fit returns the first start from t on at which so many units are free for
// the whole duration, Forever if there is none.
func (p *profile) fit(t, duration Seconds, units int) Seconds {
	start := t
	for i := p.segment(t); i < len(p.at); i++ {
		if p.free[i] < units {
			if i+1 == len(p.at) {
				return Forever
			}
			start = p.at[i+1]
			continue
		}
		if i+1 == len(p.at) || p.at[i+1]-start >= duration {
			return start
		}
	}
	return start
}

// take uses units from start to end, which must be free.
func (p *profile) take(start, end Seconds, units int) {
	first := p.split(start)
	last := p.split(end)
	for i := first; i < last; i++ {
		p.free[i] -= units
	}
}

// split makes t the bound of a segment and returns its index.
func (p *profile) split(t Seconds) int {
	i := p.segment(t)
	if p.at[i] == t {
		return i
	}
	p.at = slices.Insert(p.at, i+1, t)
	p.free = slices.Insert(p.free, i+1, p.free[i])
	return i + 1
}

// fitBefore returns the last start up to t at which so many units are free for
// the whole duration, -1 if there is none. The duration is not zero.
func (p *profile) fitBefore(t, duration Seconds, units int) Seconds {
	end := t + duration
	for i := p.segment(end - 1); i >= 0; i-- {
		if p.free[i] < units {
			end = p.at[i]
			continue
		}
		if end-p.at[i] >= duration {
			return end - duration
		}
	}
	return -1
}
