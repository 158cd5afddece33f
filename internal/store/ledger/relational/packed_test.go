package relational

import (
	"bytes"
	"errors"
	"testing"
)

func TestRowsOfASeriesAreTakenApart(t *testing.T) {
	rows, err := unpack(nil, 7, []byte("20001 2 5 1 9 ABCDEF;20000 1 -3 2 -8 ;20001 1 4 1 0 00"))
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	for i, want := range []row{
		{place: place{series: 7, day: 20000}, revision: 1, at: -3, origin: 2, sum: -8},
		{place: place{series: 7, day: 20001}, revision: 1, at: 4, origin: 1, slices: []byte{0}},
		{place: place{series: 7, day: 20001}, revision: 2, at: 5, origin: 1, sum: 9, slices: []byte{0xab, 0xcd, 0xef}},
	} {
		if got := rows[i]; got.place != want.place || got.revision != want.revision || got.at != want.at || got.origin != want.origin || got.sum != want.sum || !bytes.Equal(got.slices, want.slices) {
			t.Errorf("row %d is %+v, want %+v", i, got, want)
		}
	}
	for _, text := range []string{"1", "1 2 3 4 5", "1 2 3 4 x 00", "1 2 3 4 5 0", "1 2 3 4 5 zz", ";"} {
		if _, err := unpack(nil, 7, []byte(text)); !errors.Is(err, errPacked) {
			t.Errorf("%q is taken: %v", text, err)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte("20001 2 5 1 9 ABCDEF;20000 1 -3 2 -8 "))
	f.Fuzz(func(t *testing.T, text []byte) { _, _ = unpack(nil, 1, text) })
}
