"""How a receiver judges mail: SPF, DKIM, DMARC, exactly as their RFCs say. Asks World."""
