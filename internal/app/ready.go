package app

// HeadChange gives the newest entry that the model holds, and a channel that
// closes when there is one after last.
func (a *App) HeadChange(last int64) (int64, <-chan struct{}) {
	wait := a.moved.after(max(last, 0))
	return a.Head().Seq, wait
}

// Ready reports that the rules have seen the model at least once.
func (a *App) Ready() bool { return a.assessed.Load() != nil }

// AssessedSeq is the last entry that the rules have seen, 0 before the first time.
func (a *App) AssessedSeq() int64 {
	if s := a.assessed.Load(); s != nil {
		return s.Snap.Seq
	}
	return 0
}

// FindingCount is how many findings stand.
func (a *App) FindingCount() int {
	s := a.assessed.Load()
	if s == nil {
		return 0
	}
	n := 0
	for _, j := range s.Judged {
		if j.Counts() {
			n++
		}
	}
	return n
}
