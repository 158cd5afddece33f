package postgres

import (
	"testing"

	"diapason/internal/store/ledger/ledgertest"
)

// BenchmarkLedger holds three months.
func BenchmarkLedger(b *testing.B) { ledgertest.Benchmark(b, engine, 90) }
