print("decisions: later")
