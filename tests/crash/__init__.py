"""The program killed at seventeen points, with its request processed by the exchange or not."""
