"""What is late: fees, age, dunning."""
