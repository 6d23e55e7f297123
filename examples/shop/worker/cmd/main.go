package main

import (
	"fmt"
	"time"
)

func main() {
	place, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	fmt.Println("orders are sent at", time.Date(2024, 1, 2, 8, 0, 0, 0, place))
}
